package celeriant.simulation;

import celeriant.client.buffer.BufferContents;
import celeriant.client.buffer.ConfirmedChange;
import celeriant.client.buffer.Draft;
import celeriant.client.buffer.PendingAppend;
import celeriant.client.buffer.Settlement;
import celeriant.model.After;
import celeriant.wire.DeviceKey;
import java.util.List;
import java.util.function.Supplier;

/** Local buffers that break what a client promises, each in one way. */
final class BrokenBuffers {
    private BrokenBuffers() {}

    /** Says that an append is durable before it is. */
    static final class AcknowledgesEarly extends SimulatedBuffer {
        AcknowledgesEarly(Profile profile, World world, Device device) {
            super(profile, world.laws(), device);
        }

        @Override
        public List<PendingAppend> append(List<Draft> drafts) {
            List<PendingAppend> appended = super.append(drafts);
            profile.unsync();
            return appended;
        }
    }

    /** Takes one append more out of the queue than the log settled. */
    static final class SettlesOneMore extends SimulatedBuffer {
        SettlesOneMore(Profile profile, World world, Device device) {
            super(profile, world.laws(), device);
        }

        @Override
        public void settle(Settlement of) {
            After further = new After(of.settled().sequence() + 1, of.settled().id());
            super.settle(new Settlement(of.client(), further, of.kept(), of.rejected()));
        }
    }

    /** Keeps no settled appends, so that there is nothing to send again. */
    static final class KeepsNothing extends SimulatedBuffer {
        KeepsNothing(Profile profile, World world, Device device) {
            super(profile, world.laws(), device);
        }

        @Override
        public BufferContents rewind(After settled) {
            pruneKept(Long.MAX_VALUE);
            return super.rewind(settled);
        }
    }

    /** Loses the first unsettled append when it takes a new identity. */
    static final class RestampsWithoutTheFirst extends SimulatedBuffer {
        RestampsWithoutTheFirst(Profile profile, World world, Device device) {
            super(profile, world.laws(), device);
        }

        @Override
        public BufferContents restamp(DeviceKey identity) {
            List<PendingAppend> pending = stored.contents().pending();
            if (!pending.isEmpty()) {
                PendingAppend first = pending.get(0);
                stored.settle(new Settlement(
                        stored.contents().clientId(), new After(first.sequence(), first.id()), List.of(), List.of()));
            }
            return super.restamp(identity);
        }
    }

    /** Takes a place before the last one that was settled for the last. */
    static final class StandsBehind extends SimulatedBuffer {
        StandsBehind(Profile profile, World world, Device device) {
            super(profile, world.laws(), device);
        }

        @Override
        public BufferContents open(Supplier<DeviceKey> newIdentity) {
            BufferContents contents = super.open(newIdentity);
            After settled = contents.settled();
            return new BufferContents(
                    contents.identity(),
                    settled == null || settled.sequence() == 1
                            ? settled
                            : new After(settled.sequence() - 1, settled.id()),
                    contents.pending(),
                    contents.rejected(),
                    contents.cursor(),
                    contents.follows());
        }
    }

    /** Has another key each time it is opened, and keeps the rest. */
    static final class ForgetsItsKey extends SimulatedBuffer {
        ForgetsItsKey(Profile profile, World world, Device device) {
            super(profile, world.laws(), device);
        }

        @Override
        public BufferContents open(Supplier<DeviceKey> newIdentity) {
            BufferContents contents = super.open(newIdentity);
            return new BufferContents(
                    newIdentity.get(),
                    contents.settled(),
                    contents.pending(),
                    contents.rejected(),
                    contents.cursor(),
                    contents.follows());
        }
    }

    /** Moves the cursor on without what lies before it. */
    static final class MovesTheCursorAlone extends SimulatedBuffer {
        MovesTheCursorAlone(Profile profile, World world, Device device) {
            super(profile, world.laws(), device);
        }

        @Override
        public void confirm(ConfirmedChange of) {
            boolean moves = of.cursor() != null && !of.everythingForgotten();
            super.confirm(moves ? new ConfirmedChange(of.cursor(), of.follows(), List.of(), false) : of);
        }
    }
}
