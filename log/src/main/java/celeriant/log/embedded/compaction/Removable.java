package celeriant.log.embedded.compaction;

import celeriant.model.AggregateId;

/** Says what of the journal no reader will ask for again. */
interface Removable {
    /**
     * Whether an event may go.
     *
     * @param key of the register that it sets, or null
     * @param clears whether it clears that register
     */
    boolean event(String org, AggregateId aggregate, long version, String key, boolean clears);

    /** Whether the snapshot at that place may go. */
    boolean snapshot(String org, AggregateId aggregate, long place);

    /** Everything stays. */
    Removable NOTHING = new Removable() {
        @Override
        public boolean event(String org, AggregateId aggregate, long version, String key, boolean clears) {
            return false;
        }

        @Override
        public boolean snapshot(String org, AggregateId aggregate, long place) {
            return false;
        }
    };
}
