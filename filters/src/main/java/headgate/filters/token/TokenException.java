package headgate.filters.token;

/** A token, or what an issuer publishes, that is not taken; without a stack, since hostile ones must stay cheap to refuse. */
final class TokenException extends Exception {
    private static final long serialVersionUID = 1L;

    private final TokenFault fault;

    TokenException(TokenFault fault) {
        super(fault.name(), null, false, false);
        this.fault = fault;
    }

    TokenFault fault() {
        return fault;
    }
}
