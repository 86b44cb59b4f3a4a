package dev.dsg.standalone.command;

import dev.dsg.contracts.job.Presets;
import java.util.ListResourceBundle;

/** The defaults of a job, for the help: read from their one table, so that the help cannot say anything else. */
final class PresetBundle extends ListResourceBundle {

    @Override
    protected Object[][] getContents() {
        var synthesis = Presets.of(Presets.METHOD);
        var quantization = Presets.QUANTIZATION;
        return new Object[][] {
            {"preset.method", Presets.METHOD.wireName()},
            {"preset.images", Integer.toString(synthesis.images())},
            {"preset.batch-size", Integer.toString(synthesis.batchSize())},
            {"preset.iterations", Integer.toString(synthesis.iterations())},
            {"preset.scheme", quantization.scheme().wireName()},
            {"preset.source", Presets.SOURCE.wireName()},
            {"preset.w-bit", quantization.weightBits().toString()},
            {"preset.a-bit", quantization.activationBits().toString()},
            {"preset.range", quantization.range().wireName()},
            {"preset.rounding", quantization.rounding().wireName()},
            {"preset.target", quantization.target().wireName()},
            {"preset.dataset", Presets.EVALUATION.dataset()},
            {"preset.test-batch-size", Integer.toString(Presets.EVALUATION.batchSize())},
            {"preset.seed", Long.toString(Presets.SEED)},
        };
    }
}
