package celeriant.simulation;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The threads of a gateway, whose turns are the schedule's as long as the gateway lives. */
final class Turns extends AbstractExecutorService implements ScheduledExecutorService {
    private final Schedule schedule;
    private final BooleanSupplier alive;

    Turns(Schedule schedule, BooleanSupplier alive) {
        this.schedule = schedule;
        this.alive = alive;
    }

    @Override
    public void execute(Runnable task) {
        schedule.soon(() -> {
            if (alive.getAsBoolean()) {
                task.run();
            }
        });
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initialDelay, long delay, TimeUnit unit) {
        repeat(task, unit.toMillis(initialDelay), unit.toMillis(delay));
        return null;
    }

    private void repeat(Runnable task, long inMillis, long delayMillis) {
        schedule.in(inMillis, () -> {
            if (alive.getAsBoolean()) {
                task.run();
                repeat(task, delayMillis, delayMillis);
            }
        });
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        schedule.in(unit.toMillis(delay), () -> {
            if (alive.getAsBoolean()) {
                task.run();
            }
        });
        return null;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("nothing in the gateway asks for it");
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException("nothing in the gateway asks for it");
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
