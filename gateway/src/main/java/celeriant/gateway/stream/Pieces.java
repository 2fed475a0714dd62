package celeriant.gateway.stream;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What subscribers who are behind were given, by where it begins: another one who comes there takes the same. Blocks of
 * the log end at the same places for all, so that whoever is behind is soon at a place where others are. Bounded; what
 * nobody asked for longest goes first. Confined to the loop.
 */
final class Pieces {
    static final int COUNT_MAX = 64;

    private static final int COUNT_AT_FIRST = 8;
    private static final float LOAD = 0.75f;

    private final Map<Long, Piece> byBegin = new LinkedHashMap<>(COUNT_AT_FIRST, LOAD, true);

    /** {@code endsBlock}: there is no more of it, however much follows. */
    private record Piece(Chunk chunk, boolean endsBlock) {}

    void keep(long from, Chunk chunk, boolean endsBlock) {
        byBegin.put(from, new Piece(chunk, endsBlock));
        if (byBegin.size() > COUNT_MAX) {
            byBegin.remove(byBegin.keySet().iterator().next());
        }
    }

    /** What follows {@code from}, for many from now on, if it is kept and a block or reaches {@code to}; else null. */
    Chunk find(long from, long to) {
        Piece piece = byBegin.get(from);
        if (piece == null || !piece.endsBlock() && piece.chunk().last() < to) {
            return null;
        }
        Chunk shared = piece.chunk().forMany();
        if (shared != piece.chunk()) {
            byBegin.replace(from, new Piece(shared, piece.endsBlock()));
        }
        return shared;
    }

    int count() {
        return byBegin.size();
    }
}
