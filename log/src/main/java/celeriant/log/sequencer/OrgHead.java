package celeriant.log.sequencer;

/**
 * Where an org's merged log ends.
 *
 * @param position of its latest event, 0 if none
 * @param hash of its chain there, {@link HashChain#BYTES} bytes, all zero at position 0; not to be changed
 */
public record OrgHead(long position, byte[] hash) {
    public static final OrgHead EMPTY = new OrgHead(0, new byte[HashChain.BYTES]);
}
