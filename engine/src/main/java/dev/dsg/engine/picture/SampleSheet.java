package dev.dsg.engine.picture;

import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.graph.HostTensor;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;

/** A sheet of images as people see them, side by side on grey. Needs no font. */
public final class SampleSheet {

    private static final int MOST = 64;
    private static final int SMALLEST_SIDE = 96;
    private static final int GAP = 4;
    private static final int GROUND = new Color(0x80, 0x80, 0x80).getRGB();

    private SampleSheet() {}

    /**
     * The first images of {@code batches}, at most 64, as a PNG file. What lies outside of black and white is drawn as
     * these; small images are enlarged pixel by pixel.
     *
     * @param batches {@code [batch, channels, height, width]}, as the network reads them, with 1 or 3 channels
     * @param preprocessing what was done to pixels before the network read them
     */
    public static byte[] png(List<HostTensor> batches, Preprocessing preprocessing) {
        HostTensor first = batches.getFirst();
        int height = first.size(2);
        int width = first.size(3);
        int zoom = Math.max(1, SMALLEST_SIDE / Math.max(height, width));
        int count =
                Math.min(MOST, batches.stream().mapToInt(batch -> batch.size(0)).sum());
        int columns = (int) Math.ceil(Math.sqrt(count));
        int rows = Math.ceilDiv(count, columns);
        BufferedImage sheet = new BufferedImage(
                columns * (width * zoom + GAP) + GAP, rows * (height * zoom + GAP) + GAP, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < sheet.getHeight(); y++) {
            for (int x = 0; x < sheet.getWidth(); x++) {
                sheet.setRGB(x, y, GROUND);
            }
        }
        int drawn = 0;
        for (HostTensor batch : batches) {
            for (int i = 0; i < batch.size(0) && drawn < count; i++, drawn++) {
                int left = GAP + drawn % columns * (width * zoom + GAP);
                int top = GAP + drawn / columns * (height * zoom + GAP);
                draw(batch, i, preprocessing, zoom, sheet, left, top);
            }
        }
        return Png.bytes(sheet);
    }

    private static void draw(
            HostTensor batch,
            int image,
            Preprocessing preprocessing,
            int zoom,
            BufferedImage sheet,
            int left,
            int top) {
        int height = batch.size(2) * zoom;
        int width = batch.size(3) * zoom;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                sheet.setRGB(left + x, top + y, colour(batch, image, preprocessing, y / zoom, x / zoom));
            }
        }
    }

    private static int colour(HostTensor batch, int image, Preprocessing preprocessing, int y, int x) {
        int channels = batch.size(1);
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
            int channel = Math.min(c, channels - 1);
            int at = ((image * channels + channel) * batch.size(2) + y) * batch.size(3) + x;
            float value = batch.values()[at] * preprocessing.deviation()[channel]
                    + preprocessing.mean()[channel];
            rgb = rgb << 8 | Math.round(255 * Math.clamp(value, 0f, 1f));
        }
        return rgb;
    }
}
