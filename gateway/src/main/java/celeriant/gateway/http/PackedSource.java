package celeriant.gateway.http;

/** The pieces of another source, packed on the thread that made them. As confined as that. */
final class PackedSource implements PulledBody.Source {
    private final PulledBody.Source source;
    private final Coding.Packer packer;
    private boolean ended;

    PackedSource(PulledBody.Source source, Coding coding) {
        this.source = source;
        this.packer = new Coding.Packer(coding);
    }

    @Override
    public void requireStill() {
        source.requireStill();
    }

    @Override
    public void next(PulledBody.Sink sink) {
        if (ended) {
            sink.take(null);
            return;
        }
        source.next(new PulledBody.Sink() {
            @Override
            public void take(byte[] piece) {
                ended = piece == null;
                if (!ended) {
                    packer.add(piece);
                }
                sink.take(ended ? packer.end() : packer.flush());
            }

            @Override
            public void fail(Throwable fault) {
                sink.fail(fault);
            }
        });
    }
}
