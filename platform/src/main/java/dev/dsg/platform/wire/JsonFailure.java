package dev.dsg.platform.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Says in our words what Jackson found: the field, the value, what was expected. */
final class JsonFailure {

    private static final ObjectMapper LENIENT = new ObjectMapper();

    private JsonFailure() {}

    static DsgException translate(JsonProcessingException e, byte[] json) {
        return switch (e) {
            case JsonMappingException mapping
            when ofOurs(mapping) instanceof DsgException ours -> located(ours, path(mapping.getPath()));
            case UnrecognizedPropertyException unknown ->
                DsgException.unknownField(path(unknown.getPath()), names(unknown));
            case InvalidTypeIdException unknown ->
                invalid(unknown, unknown.getTypeId(), "one of the names of its kind");
            case InvalidFormatException format -> invalid(format, format.getValue(), expected(format.getTargetType()));
            case MismatchedInputException mismatch
            when !mismatch.getPath().isEmpty() ->
                invalid(mismatch, found(mismatch.getPath(), json), expected(mismatch.getTargetType()));
            case JsonMappingException mapping
            when !mapping.getPath().isEmpty() ->
                invalid(mapping, found(mapping.getPath(), json), mapping.getOriginalMessage());
            default -> malformed(e);
        };
    }

    private static DsgException malformed(JsonProcessingException e) {
        var place = e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
        return new DsgException(
                ErrorCode.MALFORMED_MESSAGE, "not the expected JSON" + place + ": " + e.getOriginalMessage(), e);
    }

    private static DsgException invalid(JsonMappingException e, Object value, String expected) {
        return new DsgException(ErrorCode.INVALID_FIELD, path(e.getPath()), value, expected, e);
    }

    private static Throwable ofOurs(Throwable e) {
        var cause = e;
        while (cause != null && !(cause instanceof DsgException)) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** A record names its field as it sees it; what it does not see is where it lies itself. */
    private static DsgException located(DsgException e, String path) {
        var field = e.field().orElse("");
        if (path.isEmpty() || field.equals(path) || field.startsWith(path + ".")) {
            return e;
        }
        var isField = path.endsWith("." + field);
        return e.within(isField ? path.substring(0, path.length() - field.length() - 1) : path);
    }

    private static String path(List<Reference> references) {
        var path = new StringBuilder();
        for (var reference : references) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.toString();
    }

    private static Collection<String> names(UnrecognizedPropertyException e) {
        return e.getKnownPropertyIds().stream().map(Object::toString).sorted().toList();
    }

    /** What stands at a path; Jackson's own parser is past it by now. */
    private static Object found(List<Reference> path, byte[] json) {
        var node = tree(json);
        for (var reference : path) {
            node = reference.getFieldName() == null
                    ? node.path(reference.getIndex())
                    : node.path(reference.getFieldName());
        }
        return switch (node.getNodeType()) {
            case OBJECT, POJO -> "an object";
            case ARRAY -> "a list";
            case MISSING, NULL -> null;
            case NUMBER -> node.numberValue();
            case BOOLEAN, STRING, BINARY -> node.asText();
        };
    }

    private static JsonNode tree(byte[] json) {
        try {
            return LENIENT.readTree(json);
        } catch (IOException broken) {
            return MissingNode.getInstance();
        }
    }

    private static String expected(Class<?> type) {
        if (type == null) {
            return "a value of another kind";
        }
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(JsonFailure::name)
                            .collect(Collectors.joining(", "));
        }
        if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return "an integer";
        }
        if (type == double.class || type == Double.class) {
            return "a number";
        }
        if (type == String.class) {
            return "a text";
        }
        return Collection.class.isAssignableFrom(type) ? "a list" : "an object or text of its kind";
    }

    private static String name(Object constant) {
        var json = new String(Json.bytes(constant), UTF_8);
        return json.replace("\"", "");
    }
}
