package dev.dsg.engine.format.onnx;

/** A named constant of an ONNX operation. */
public sealed interface Attribute {

    /** The name, as the operator's specification gives it. */
    String name();

    /** A whole number. */
    record Int(String name, long value) implements Attribute {}

    /** A number. */
    record Real(String name, float value) implements Attribute {}

    /** A list of whole numbers. */
    record Ints(String name, long... values) implements Attribute {}

    /** A word, such as a mode. */
    record Text(String name, String value) implements Attribute {}

    /** The {@code AttributeProto}; field 20 says which of the others holds the value. */
    default ProtoWriter toProto() {
        ProtoWriter proto = new ProtoWriter().text(1, name());
        return switch (this) {
            case Real(String _, float value) -> proto.real(2, value).integer(20, 1);
            case Int(String _, long value) -> proto.integer(3, value).integer(20, 2);
            case Text(String _, String value) -> proto.text(4, value).integer(20, 3);
            case Ints(String _, long[] values) -> proto.integers(8, values).integer(20, 7);
        };
    }
}
