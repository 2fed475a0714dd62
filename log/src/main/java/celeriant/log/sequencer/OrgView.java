package celeriant.log.sequencer;

import celeriant.log.Admission;
import celeriant.model.AggregateId;
import celeriant.model.Register;
import java.util.Optional;

/** The view of one org, as admission sees it: with everything that was decided so far. */
record OrgView(LogView view, String org) implements Admission.View {
    @Override
    public long version(AggregateId aggregate) {
        return view.aggregateHead(org, aggregate).version();
    }

    @Override
    public boolean exists(AggregateId aggregate) {
        return view.aggregateHead(org, aggregate).exists();
    }

    @Override
    public Optional<Register> register(AggregateId aggregate, String key) {
        return view.register(org, aggregate, key);
    }
}
