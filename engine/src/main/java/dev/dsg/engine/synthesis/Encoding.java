package dev.dsg.engine.synthesis;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.DataType;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.format.SafetensorsWriter;
import dev.dsg.engine.graph.HostTensor;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How the values of images lie in a file. An image is read as {@code offset + scale v}, where {@code v} is what lies there
 * and the entries {@code images.scale} and {@code images.offset} of the metadata have one number, or one for each channel,
 * separated by commas; those that are absent are 1 and 0. Nothing is ever clipped.
 */
public enum Encoding {
    /** A byte each: every channel of the batch has its own 256 values, which go from its least to its greatest. */
    UINT8 {
        @Override
        void write(HostTensor images, SafetensorsWriter file) {
            int channels = images.size(1);
            float[] offset = new float[channels];
            float[] scale = new float[channels];
            byte[] levels = new byte[images.values().length];
            for (int c = 0; c < channels; c++) {
                float least = ofChannel(images, c, Float.POSITIVE_INFINITY, Math::min);
                float greatest = ofChannel(images, c, Float.NEGATIVE_INFINITY, Math::max);
                offset[c] = least;
                scale[c] = (float) (((double) greatest - least) / LEVELS);
            }
            int pixels = images.size(2) * images.size(3);
            for (int i = 0; i < levels.length; i++) {
                int c = i / pixels % channels;
                double level = scale[c] == 0 ? 0 : ((double) images.values()[i] - offset[c]) / scale[c];
                levels[i] = (byte) Math.clamp(Math.round(level), 0, LEVELS);
            }
            file.uint8(IMAGES, images.shape(), levels)
                    .metadata(SCALE, text(scale))
                    .metadata(OFFSET, text(offset));
        }
    },
    /** Half precision, 11 significant bits; a scale, a power of two, where the greatest value would not fit. */
    FLOAT16 {
        @Override
        void write(HostTensor images, SafetensorsWriter file) {
            float greatest = 0;
            for (float v : images.values()) {
                greatest = Math.max(greatest, Math.abs(v));
            }
            int exponent = Math.max(0, Math.getExponent(greatest) - GREATEST_HALF_EXPONENT);
            float[] halves = images.values();
            if (exponent > 0) {
                halves = halves.clone();
                for (int i = 0; i < halves.length; i++) {
                    halves[i] = Math.scalb(halves[i], -exponent);
                }
                file.metadata(SCALE, Math.scalb(1f, exponent));
            }
            file.halves(IMAGES, new HostTensor(images.shape(), halves));
        }
    },
    /** As they are. */
    FLOAT32 {
        @Override
        void write(HostTensor images, SafetensorsWriter file) {
            file.floats(IMAGES, images);
        }
    };

    /** What the entries of the metadata begin with that are no diagnostics. */
    static final String PREFIX = "images.";

    private static final String IMAGES = "images";
    private static final String SCALE = PREFIX + "scale";
    private static final String OFFSET = PREFIX + "offset";
    private static final int LEVELS = 255;
    /** One below that of 65,504, the greatest half, so that rounding up stays below. */
    private static final int GREATEST_HALF_EXPONENT = 14;

    /** Adds {@code images [count, channels, height, width]}, whose values are finite. */
    abstract void write(HostTensor images, SafetensorsWriter file);

    /** Adds {@code images} in this encoding. */
    void encode(HostTensor images, SafetensorsWriter file) {
        for (float v : images.values()) {
            if (!Float.isFinite(v)) {
                throw new EngineException(Kind.INVALID_SETTING, IMAGES, v + " among them", "finite values");
            }
        }
        write(images, file);
    }

    /** The images in {@code file}, whatever their encoding. */
    static HostTensor decode(Safetensors file) {
        HostTensor stored = stored(file);
        if (stored.shape().length != 4) {
            throw corrupt(IMAGES, "of shape " + Arrays.toString(stored.shape()), "batch, channels, height and width");
        }
        if (!file.metadata().containsKey(SCALE) && !file.metadata().containsKey(OFFSET)) {
            return stored;
        }
        float[] scale = numbers(file, SCALE, 1, stored.size(1));
        float[] offset = numbers(file, OFFSET, 0, stored.size(1));
        float[] values = stored.values();
        int pixels = stored.size(2) * stored.size(3);
        for (int i = 0; i < values.length; i++) {
            int c = i / pixels % scale.length;
            values[i] = (float) (offset[c] + (double) scale[c] * values[i]);
        }
        return stored;
    }

    private static HostTensor stored(Safetensors file) {
        if (!file.names().contains(IMAGES) || file.type(IMAGES) != DataType.U8) {
            return file.floats(IMAGES);
        }
        byte[] levels = file.bytes(IMAGES);
        float[] values = new float[levels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Byte.toUnsignedInt(levels[i]);
        }
        return new HostTensor(file.shape(IMAGES), values);
    }

    /** A number for each channel. */
    private static float[] numbers(Safetensors file, String key, float absent, int channels) {
        String text = file.metadata().get(key);
        float[] numbers = new float[channels];
        Arrays.fill(numbers, absent);
        if (text == null) {
            return numbers;
        }
        String[] parts = text.split(",", -1);
        if (parts.length != 1 && parts.length != channels) {
            throw corrupt(key, parts.length + " numbers", "one, or one for each of " + channels + " channels");
        }
        try {
            for (int c = 0; c < channels; c++) {
                numbers[c] = Float.parseFloat(parts[parts.length == 1 ? 0 : c]);
            }
        } catch (NumberFormatException e) {
            throw corrupt(key, text, "numbers separated by commas");
        }
        return numbers;
    }

    private static String text(float[] numbers) {
        return IntStream.range(0, numbers.length)
                .mapToObj(i -> Float.toString(numbers[i]))
                .collect(Collectors.joining(","));
    }

    /** Two values into one. */
    private interface Choice {
        float of(float a, float b);
    }

    private static float ofChannel(HostTensor images, int channel, float start, Choice choice) {
        int pixels = images.size(2) * images.size(3);
        float chosen = start;
        for (int image = 0; image < images.size(0); image++) {
            int from = (image * images.size(1) + channel) * pixels;
            for (int i = from; i < from + pixels; i++) {
                chosen = choice.of(chosen, images.values()[i]);
            }
        }
        return chosen;
    }

    private static EngineException corrupt(String field, Object value, String expected) {
        return new EngineException(Kind.CORRUPT_FILE, field, value, expected);
    }
}
