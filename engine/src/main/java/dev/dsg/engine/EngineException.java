package dev.dsg.engine;

/** Input the engine cannot work with; it names the field, the value and what was expected. Retrying does not help. */
public final class EngineException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What is wrong. */
    public enum Kind {
        /** A file of weights, images or an artefact is truncated, lies about itself, or does not fit the network. */
        CORRUPT_FILE("CORRUPT_OBJECT"),
        /** The architecture is not known. */
        UNKNOWN_ARCHITECTURE("INVALID_FIELD"),
        /** The network has no BatchNorm, whose statistics synthesis needs. */
        NO_BATCH_NORM("NO_BATCH_NORM"),
        /** The network has an operation, or a form of one, that the engine does not compute. */
        UNSUPPORTED_OPERATOR("UNSUPPORTED_OPERATOR"),
        /** A shape of the network depends on what is known only when it runs. */
        UNRESOLVED_SHAPE("UNRESOLVED_SHAPE"),
        /** The shapes of a network's values and parameters do not fit together. */
        INCOMPATIBLE_SHAPES("CORRUPT_OBJECT"),
        /** A setting is outside its bounds. */
        INVALID_SETTING("INVALID_FIELD");

        private final String code;

        Kind(String code) {
            this.code = code;
        }

        /** What the services around the engine call this, where they have nothing more precise to say. */
        public String code() {
            return code;
        }
    }

    private final Kind kind;
    private final String field;
    private final String value;
    private final String expected;

    public EngineException(Kind kind, String field, Object value, String expected) {
        super(field + " is " + value + ", expected " + expected);
        this.kind = kind;
        this.field = field;
        this.value = String.valueOf(value);
        this.expected = expected;
    }

    public Kind kind() {
        return kind;
    }

    /** The setting, tensor or file part that is wrong. */
    public String field() {
        return field;
    }

    /** Its value. */
    public String value() {
        return value;
    }

    /** What would have been right. */
    public String expected() {
        return expected;
    }
}
