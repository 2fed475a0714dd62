package celeriant.simulation;

import celeriant.client.gateway.Http;
import java.util.function.Function;

/** A mistake in the client, the gateway or the log, and the world that has it. */
enum PlantedBug {
    ACKNOWLEDGES_BEFORE_IT_IS_DURABLE(BrokenBuffers.AcknowledgesEarly::new),
    SETTLES_ONE_TOO_MANY(BrokenBuffers.SettlesOneMore::new),
    KEEPS_NOTHING_TO_SEND_AGAIN(BrokenBuffers.KeepsNothing::new),
    RESTAMPS_WITHOUT_THE_FIRST(BrokenBuffers.RestampsWithoutTheFirst::new),
    FORGETS_ITS_KEY(BrokenBuffers.ForgetsItsKey::new),
    MOVES_THE_CURSOR_ALONE(BrokenBuffers.MovesTheCursorAlone::new),
    STANDS_BEHIND(BrokenBuffers.StandsBehind::new),
    ASKS_NOBODY_WHAT_IS_LOST(BrokenLines::asksNobody),
    TAKES_NO_ANSWER_FOR_SUCCESS((world, device) -> BrokenLines.unknownIs(world, device, "appended")),
    TAKES_NO_ANSWER_FOR_REJECTION((world, device) -> BrokenLines.unknownIs(world, device, "rejected")),
    SEES_NO_FORKS(BrokenLogs::seesNoForks),
    SEES_NO_GAPS(BrokenLogs::seesNoGaps),
    RECORDS_DUPLICATES(BrokenLogs::recordsDuplicates),
    RECORDS_BACKWARDS(BrokenLogs::recordsBackwards),
    STREAMS_LOSE_AN_EVENT("data: \\[\\{.*\\}\\]\n", ""),
    STREAMS_HIDE_REVOCATIONS("event: revoked", "event: unheard-of"),
    STREAMS_SAY_A_WRONG_KEY("\"key\":\"k1\"", "\"key\":\"k2\"");

    private interface Buffers {
        SimulatedBuffer of(Profile profile, World world, Device device);
    }

    private interface Lines {
        Line of(World world, Device device);
    }

    private final Buffers buffers;
    private final Lines lines;
    private final Function<World, WitnessedLog> logs;
    private final String streamed;
    private final String instead;

    PlantedBug(Buffers buffers) {
        this(buffers, Line::new, BrokenLogs::sound, null, null);
    }

    PlantedBug(Lines lines) {
        this(
                (profile, world, device) -> new SimulatedBuffer(profile, world.laws(), device),
                lines,
                BrokenLogs::sound,
                null,
                null);
    }

    PlantedBug(Function<World, WitnessedLog> logs) {
        this(
                (profile, world, device) -> new SimulatedBuffer(profile, world.laws(), device),
                Line::new,
                logs,
                null,
                null);
    }

    PlantedBug(String streamed, String instead) {
        this(
                (profile, world, device) -> new SimulatedBuffer(profile, world.laws(), device),
                Line::new,
                BrokenLogs::sound,
                streamed,
                instead);
    }

    PlantedBug(Buffers buffers, Lines lines, Function<World, WitnessedLog> logs, String streamed, String instead) {
        this.buffers = buffers;
        this.lines = lines;
        this.logs = logs;
        this.streamed = streamed;
        this.instead = instead;
    }

    /** A world with this bug in it. */
    World plant(long seed) {
        return new Planted(seed, this);
    }

    private static final class Planted extends World {
        private final PlantedBug bug;

        Planted(long seed, PlantedBug bug) {
            super(seed, bug.logs);
            this.bug = bug;
        }

        @Override
        SimulatedBuffer buffer(Profile profile, Device device) {
            return bug.buffers.of(profile, this, device);
        }

        @Override
        Line line(Device device) {
            return bug.lines.of(this, device);
        }

        @Override
        byte[] onTheStream(byte[] bytes) {
            return bug.streamed == null || !chance().percent(30)
                    ? bytes
                    : BrokenLines.replaced(bytes, bug.streamed, bug.instead);
        }

        @Override
        Http.Answer onTheWay(Http.Answer answer) {
            return answer;
        }
    }
}
