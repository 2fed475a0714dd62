package celeriant.document;

import celeriant.model.RecordedEvent;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Flow;

/**
 * Which updates of everybody are here without a gap, each compared with what it was prepared as. Guarded by its own
 * monitor, on which who waits for more waits.
 */
final class Received implements Flow.Subscriber<RecordedEvent> {
    private final List<String> clients;
    private final List<Prepared> people;
    private final int[] counts;
    private Flow.Subscription subscription;
    private String fault;

    Received(List<String> clients, List<Prepared> people) {
        this.clients = clients;
        this.people = people;
        this.counts = new int[people.size()];
    }

    /** How many of a person's are here. */
    synchronized int from(int person) {
        return counts[person];
    }

    synchronized boolean hasEverything() {
        for (int person = 0; person < counts.length; person++) {
            if (counts[person] < people.get(person).count()) {
                return false;
            }
        }
        return true;
    }

    synchronized void requireNoFault() {
        if (fault != null) {
            throw new IllegalStateException(fault);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public synchronized void onNext(RecordedEvent event) {
        int person = clients.indexOf(event.client().value());
        if (person < 0 || event.sequence() != counts[person] + 1) {
            failed("step " + event.sequence() + " of " + event.client().value() + " after " + Arrays.toString(counts));
        } else if (!Arrays.equals(
                event.event().data().bytes(),
                people.get(person).step(counts[person]).update())) {
            failed("step " + event.sequence() + " of person " + person + " is not what was prepared");
        } else {
            counts[person]++;
        }
        notifyAll();
    }

    @Override
    public synchronized void onError(Throwable failure) {
        failed(failure.toString());
        notifyAll();
    }

    @Override
    public void onComplete() {}

    private void failed(String why) {
        fault = why;
        subscription.cancel();
    }
}
