package dev.dsg.contracts.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.BitWidth;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.QuantizationSpec;
import dev.dsg.contracts.job.SynthesisSpec;
import dev.dsg.contracts.job.TrainingSpec;
import dev.dsg.contracts.store.ObjectRef;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The lineage of an artefact: everything that it follows from, by digest. It holds no times, so the same job gives the
 * same manifest wherever and however often it runs.
 *
 * @param jobId which job made it
 * @param model name of the network it is made from
 * @param weights the weights of that network
 * @param spec the job's specification
 * @param synthesis how the images were made
 * @param quantization how the network was quantized
 * @param training how it was trained; {@code null} where it was not
 * @param seed seed of everything random
 * @param batches the images, in order; none where they were a {@code stream}
 * @param stream what is known of images that were deleted once they had been used; {@code null} where none were
 * @param artifact the quantized network with its integer weights
 * @param onnx the same as an ONNX model
 * @param card what people should know about it
 * @param analysis what quantization did to each of its layers
 * @param layerBits width of each layer's weights, by the name of the weight
 * @param producer name and version of the code that made it
 * @param tools versions of the libraries that computed and of the format that was written, by name
 */
public record Manifest(
        JobId jobId,
        String model,
        ObjectRef weights,
        ObjectRef spec,
        SynthesisSpec synthesis,
        QuantizationSpec quantization,
        @JsonInclude(JsonInclude.Include.NON_NULL) TrainingSpec training,
        long seed,
        List<ObjectRef> batches,
        @JsonInclude(JsonInclude.Include.NON_NULL) BatchStream stream,
        ObjectRef artifact,
        ObjectRef onnx,
        ObjectRef card,
        ObjectRef analysis,
        Map<String, BitWidth> layerBits,
        String producer,
        Map<String, String> tools) {

    /** Refuses missing parts. */
    public Manifest {
        Require.present("jobId", jobId);
        Require.name("model", model);
        Require.present("weights", weights);
        Require.present("spec", spec);
        Require.present("synthesis", synthesis);
        Require.present("quantization", quantization);
        batches = Require.list("batches", batches, stream == null ? 1 : 0);
        Require.present("artifact", artifact);
        Require.present("onnx", onnx);
        Require.present("card", card);
        Require.present("analysis", analysis);
        layerBits = sorted("layerBits", layerBits);
        Require.text("producer", producer);
        tools = sorted("tools", tools);
    }

    /** Equal maps are to give equal bytes. */
    private static <T> Map<String, T> sorted(String field, Map<String, T> map) {
        return Collections.unmodifiableMap(new TreeMap<>(Require.present(field, map)));
    }
}
