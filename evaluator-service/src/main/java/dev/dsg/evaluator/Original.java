package dev.dsg.evaluator;

import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.engine.data.Geometry;
import dev.dsg.engine.data.Interpolation;
import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.format.onnx.OnnxExport;
import dev.dsg.engine.graph.BatchNormFolding;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.network.NetworkFile;
import dev.dsg.platform.catalog.Catalog;
import java.util.Optional;

/**
 * The network of a job as it came.
 *
 * @param card what is known of it
 * @param graph what it computes
 */
record Original(ModelCard card, Graph graph) {

    /** That of a job; its file is checked against the card. */
    static Original of(JobSpec spec, Catalog catalog) {
        var card = catalog.modelOf(spec);
        var file = new NetworkFile(
                Optional.ofNullable(card.architecture()),
                input(card),
                card.classes().size());
        return new Original(card, file.read(catalog.weights(card)));
    }

    /** The size of an image. */
    Shape input() {
        return input(card);
    }

    /** What it wants images to be made into. */
    Preprocessing preprocessing() {
        var geometry = Optional.ofNullable(card.geometry())
                .map(fit -> new Geometry(
                        fit.resize(),
                        fit.crop().height(),
                        fit.crop().width(),
                        Interpolation.valueOf(fit.interpolation().name())));
        return Preprocessing.of(card.mean(), card.std(), geometry);
    }

    /** The network as an ONNX model as fast as a runtime can have it: BatchNorm is folded away. */
    byte[] onnx() {
        return OnnxExport.float32(new BatchNormFolding(0).fold(graph), input());
    }

    private static Shape input(ModelCard card) {
        var shape = card.inputShape();
        return Shape.of(shape.channels(), shape.height(), shape.width());
    }
}
