package dev.dsg.contracts.job;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.dsg.contracts.error.DsgException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A choice whose name on the wire is that of its constant in lower case with dashes, such as {@code tiny-uniform}. */
public interface WireNamed {
    /** The Java name of the constant. */
    String name();

    /** The name on the wire. */
    @JsonValue
    default String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads a wire name.
     *
     * @throws DsgException {@code INVALID_FIELD} that lists what there is to choose from
     */
    static <E extends Enum<E> & WireNamed> E parse(Class<E> choices, String field, String text) {
        return Arrays.stream(choices.getEnumConstants())
                .filter(choice -> choice.wireName().equals(text))
                .findFirst()
                .orElseThrow(() -> DsgException.invalid(field, text, "one of " + names(choices)));
    }

    private static <E extends Enum<E> & WireNamed> String names(Class<E> choices) {
        return Arrays.stream(choices.getEnumConstants())
                .map(WireNamed::wireName)
                .collect(Collectors.joining(", "));
    }
}
