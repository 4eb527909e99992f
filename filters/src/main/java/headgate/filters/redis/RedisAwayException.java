package headgate.filters.redis;

/** Redis was not asked, since it is known not to answer, or says that it cannot do anything; stackless, since it is cheap to be refused. */
public final class RedisAwayException extends Exception {
    private static final long serialVersionUID = 1L;

    RedisAwayException(String why) {
        super(why, null, false, false);
    }
}
