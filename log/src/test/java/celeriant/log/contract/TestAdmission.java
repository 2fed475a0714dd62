package celeriant.log.contract;

import celeriant.log.Admission;
import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.Problem;
import java.util.Optional;

/** Admits everything until a test says otherwise. */
public final class TestAdmission implements Admission {
    private volatile Admission rule = Admission.OPEN;

    public void rule(Admission newRule) {
        rule = newRule;
    }

    @Override
    public Verdict admit(AppendRequest request, Append append, View view) {
        return rule.admit(request, append, view);
    }

    @Override
    public Optional<Problem> refusal(Action action, String org, AggregateId aggregate, Caller caller, View view) {
        return rule.refusal(action, org, aggregate, caller, view);
    }
}
