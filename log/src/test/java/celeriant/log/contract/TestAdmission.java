package celeriant.log.contract;

import celeriant.log.Admission;
import celeriant.log.AppendRequest;
import celeriant.model.Append;

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
}
