package dev.dsg.contracts.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.contracts.store.StoreLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

class CardsTest {
    private static final ImageShape RGB = new ImageShape(3, 32, 32);
    private static final List<Double> ONES = List.of(1.0, 1.0, 1.0);
    private static final ObjectRef OBJECT =
            ObjectRef.of(StoreLayout.shard("d", Sha256.digest(new byte[1])), new byte[1]);

    @Test
    void shouldFitASetWithTheClassesAndShapeOfTheNetwork() {
        assertThatNoException().isThrownBy(() -> set(RGB, "cat", "dog").requireFit(network(ONES)));
    }

    @Test
    void shouldRefuseASetWithOtherClasses() {
        assertUnfit(set(RGB, "cat", "dog", "bird"));
        assertUnfit(set(RGB, "dog", "cat"));
    }

    @Test
    void shouldRefuseASetWithOtherImages() {
        assertUnfit(
                set(new ImageShape(3, 28, 28), "cat", "dog"),
                "evaluation.dataset is \"d with images of 3 x 28 x 28\", expected the input shape of m, 3 x 32 x 32, "
                        + "for its card has no geometry that resizes images");
        assertUnfit(set(new ImageForm(3, null, null), "cat", "dog"));
        assertUnfit(set(new ImageShape(2, 32, 32), "cat", "dog"));
    }

    @Test
    void shouldFitImagesOfAnySizeToANetworkThatSaysHow() {
        var network = network(new Geometry(36, Geometry.Crop.of(32), null), ONES);
        assertThatNoException().isThrownBy(() -> set(new ImageForm(3, null, null), "cat", "dog")
                .requireFit(network));
        assertThatNoException()
                .isThrownBy(() -> set(new ImageShape(1, 28, 28), "cat", "dog").requireFit(network));
    }

    @Test
    void shouldCountClassesWhereOneSideHasNoNames() {
        assertThatNoException().isThrownBy(() -> set(RGB, "0", "1").requireFit(network(ONES)));
        assertUnfit(set(RGB, "0", "1", "2"));
        assertUnfit(set(RGB, "1", "0"));
    }

    @Test
    void shouldNameTheFirstClassThatDiffers() {
        assertUnfit(
                set(RGB, "cat", "bird"),
                "evaluation.dataset is \"d with class 1 named bird\", expected the classes of m in their order, dog");
    }

    @Test
    void shouldTellTheFormOfSeveralImages() {
        var small = new ImageForm(1, 28, 28);
        assertThat(small.and(small)).isEqualTo(small);
        assertThat(small.and(new ImageForm(3, 28, 28))).isEqualTo(new ImageForm(3, 28, 28));
        assertThat(small.and(new ImageForm(1, 28, 30))).isEqualTo(new ImageForm(1, null, null));
        assertThat(new ImageForm(1, null, null).and(small)).isEqualTo(new ImageForm(1, null, null));
    }

    @Test
    void shouldRefuseNormalisationThatDoesNotFitTheChannels() {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> network(List.of(1.0)))
                .withMessage("std is \"1 values\", expected 3, one per channel");
        assertThatExceptionOfType(DsgException.class).isThrownBy(() -> network(List.of(1.0, 0.0, 1.0)));
    }

    @Test
    void shouldRefuseACropThatIsNotTheInputShape() {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> network(new Geometry(36, new Geometry.Crop(32, 30), null), ONES))
                .withMessage("geometry.crop is \"32x30\", expected 32x32, height and width of the input shape");
        assertThatNoException().isThrownBy(() -> network(new Geometry(36, Geometry.Crop.of(32), null), ONES));
    }

    @Test
    void shouldRefuseACropThatIsLargerThanWhatItIsCutOutOf() {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> new Geometry(31, Geometry.Crop.of(32), Interpolation.BICUBIC))
                .withMessage("resize is 31, expected an integer in 32..4096");
    }

    @Test
    void shouldReadACropAsPeopleWriteIt() {
        assertThat(Geometry.Crop.parse("224x192")).isEqualTo(new Geometry.Crop(224, 192));
        assertThat(new Geometry.Crop(224, 192).json()).isEqualTo("224x192");
        assertThat(Geometry.Crop.of(224).json()).isEqualTo(224);
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> Geometry.Crop.parse("224 by 192"))
                .withMessage("crop is \"224 by 192\", expected a number of pixels, or HEIGHTxWIDTH");
    }

    @Test
    void shouldInterpolateLinearlyUnlessTold() {
        assertThat(new Geometry(8, Geometry.Crop.of(8), null).interpolation()).isEqualTo(Interpolation.BILINEAR);
    }

    @Test
    void shouldRefuseShardsThatDoNotAddUp() {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> new DatasetCard(
                        "d",
                        List.of("a", "b"),
                        ImageForm.of(RGB),
                        3,
                        "here",
                        List.of(new DatasetCard.Shard(OBJECT, 2))))
                .withMessage("count is 3, expected 2, the sum of the shards");
    }

    @Test
    void shouldRefuseImagesWithoutPixels() {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> new ImageShape(3, 0, 32))
                .withMessage("height is 0, expected an integer in 1..4096");
    }

    private static void assertUnfit(DatasetCard set, String message) {
        assertUnfit(set);
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> set.requireFit(network(ONES)))
                .withMessage(message);
    }

    private static void assertUnfit(DatasetCard set) {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> set.requireFit(network(ONES)))
                .matches(e -> e.code() == ErrorCode.CLASSES_DO_NOT_FIT)
                .matches(e -> e.field().orElseThrow().equals("evaluation.dataset"));
    }

    private static DatasetCard set(ImageShape image, String... classes) {
        return set(ImageForm.of(image), classes);
    }

    private static DatasetCard set(ImageForm image, String... classes) {
        return new DatasetCard("d", List.of(classes), image, 2, "here", List.of(new DatasetCard.Shard(OBJECT, 2)));
    }

    @Test
    void shouldTakeACardWithoutFormatForOneOfSafetensors() {
        assertThat(network(null, "resnet20-cifar").format()).isEqualTo(ModelFormat.SAFETENSORS);
    }

    @Test
    void shouldWantAnArchitectureExactlyWhereTheFileHoldsNoGraph() {
        assertThat(network(ModelFormat.ONNX, null).architecture()).isNull();
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> network(ModelFormat.ONNX, "resnet18"))
                .withMessage("architecture is \"resnet18\", expected none, for the graph is in the onnx file");
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> network(ModelFormat.PTH, null))
                .matches(e -> e.field().orElseThrow().equals("architecture"));
    }

    private static ModelCard network(List<Double> std) {
        return network(null, std);
    }

    private static ModelCard network(Geometry geometry, List<Double> std) {
        return network(ModelFormat.SAFETENSORS, "resnet20-cifar", geometry, std);
    }

    private static ModelCard network(ModelFormat format, String architecture) {
        return network(format, architecture, null, ONES);
    }

    private static ModelCard network(ModelFormat format, String architecture, Geometry geometry, List<Double> std) {
        List<String> classes = List.of("cat", "dog");
        return new ModelCard("m", format, architecture, RGB, geometry, ONES, std, classes, "MIT", OBJECT, null);
    }
}
