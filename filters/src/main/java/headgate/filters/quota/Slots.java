package headgate.filters.quota;

import headgate.filters.quota.Meter.Refill;

/** How many exchanges of one account may be in progress on this node. Shared by all event loops. */
interface Slots extends Borrowed {
    /** Those of an account that no other node shares. */
    Slots OWN = new Slots() {
        @Override
        public int most(int limit, long now) {
            return limit;
        }

        @Override
        public Refill refill(int limit, long now, Runnable then) {
            return Refill.NONE_LEFT;
        }

        @Override
        public void entered(int open) {}

        @Override
        public int others(long now) {
            return 0;
        }

        @Override
        public int leased(long now) {
            return 0;
        }

        @Override
        public boolean idle(long now) {
            return true;
        }
    };

    /** So many may be in progress now. */
    int most(int limit, long now);

    /** Asks for more where there is somebody to ask; {@code then} is called on any thread. */
    Refill refill(int limit, long now, Runnable then);

    /** So many are in progress now. */
    void entered(int open);

    /** How many other nodes have, as far as is known. */
    int others(long now);

    /** How many this node has borrowed, used or not. */
    int leased(long now);

    /** Whether nothing is borrowed, nor asked for, so that nothing is lost if this is forgotten. */
    boolean idle(long now);
}
