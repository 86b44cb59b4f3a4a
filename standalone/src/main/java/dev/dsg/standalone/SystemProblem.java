package dev.dsg.standalone;

/** The machine, the network or a process is in the way; the message says what to do about it. */
public final class SystemProblem extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** A problem. */
    public SystemProblem(String message) {
        super(message);
    }

    /** A problem with its cause. */
    public SystemProblem(String message, Throwable cause) {
        super(message, cause);
    }
}
