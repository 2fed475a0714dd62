package celeriant.gateway.net;

import celeriant.gateway.http.BodyReceiver;

/** A body whose length was told. */
final class LengthBody implements BodyBytes {
    private long left;

    LengthBody(long length) {
        left = length;
    }

    @Override
    public int take(byte[] data, int from, int to, BodyReceiver receiver) {
        int length = (int) Math.min(left, to - from);
        if (length > 0) {
            left -= length;
            receiver.take(data, from, length);
        }
        return from + length;
    }

    @Override
    public long left() {
        return left;
    }

    @Override
    public boolean isWhole() {
        return left == 0;
    }
}
