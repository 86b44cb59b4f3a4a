package dev.dsg.standalone.measure;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How many bits the numbers of a network have.
 *
 * @param weights 2..8
 * @param activations 2..8
 */
public record Widths(int weights, int activations) implements Comparable<Widths> {

    private static final Comparator<Widths> WIDEST_FIRST = Comparator.comparingInt(
                    (Widths widths) -> -widths.weights - widths.activations)
            .thenComparingInt(widths -> -widths.weights);

    /** Puts the widest first. */
    @Override
    public int compareTo(Widths other) {
        return WIDEST_FIRST.compare(this, other);
    }

    /** Such as {@code W4A4}. */
    @Override
    public String toString() {
        return "W" + weights + "A" + activations;
    }

    /** Reads {@code 4/4}. */
    public static final class Parser implements ITypeConverter<Widths> {
        private static final Pattern BITS = Pattern.compile("([2-8])/([2-8])");

        @Override
        public Widths convert(String text) {
            Matcher matcher = BITS.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException(text + " is not of the form 4/4, with 2..8 bits");
            }
            return new Widths(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        }
    }
}
