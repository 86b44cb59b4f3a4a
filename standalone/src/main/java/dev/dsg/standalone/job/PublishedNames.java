package dev.dsg.standalone.job;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The names that settings have in the files that GDFQ and DSG-QAT publish: the one table of what each means here. */
final class PublishedNames {

    /** How the step size of the student shrinks; its values have names of their own here. */
    static final String POLICY = "lrPolicy_S";
    /** How that of the generator does. */
    static final String GENERATOR_POLICY = "lrPolicy_G";
    /** What moves the student's weights. */
    static final String OPTIMIZER = "opt_type";

    private static final Map<String, String> FIELDS = Map.ofEntries(
            Map.entry("nEpochs", "training.epochs"),
            Map.entry("batchSize", "training.batchSize"),
            Map.entry("warmup_epochs", "training.warmupEpochs"),
            Map.entry("lr_S", "training.learningRate"),
            Map.entry(POLICY, "training.schedule"),
            Map.entry("step_S", "training.milestones"),
            Map.entry("decayRate_S", "training.decay"),
            Map.entry("momentum", "training.momentum"),
            Map.entry("weightDecay", "training.weightDecay"),
            Map.entry("temperature", "training.temperature"),
            Map.entry("alpha", "training.distillation"),
            Map.entry("lr_G", "training.generatorLearningRate"),
            Map.entry("step_G", "training.generatorMilestones"),
            Map.entry("decayRate_G", "training.generatorDecay"),
            Map.entry("b1", "training.beta1"),
            Map.entry("b2", "training.beta2"),
            Map.entry("latent_dim", "training.latent"),
            Map.entry("qw", "quantization.weightBits"),
            Map.entry("qa", "quantization.activationBits"),
            Map.entry("seed", "seed"));

    private static final String NO_DATA = "no training data is read";
    private static final String STORE = "results lie in the store, under the job's id";
    private static final String MACHINES = "a job does not choose its machines";
    private static final String NETWORK = "the network's card says it";

    private static final Map<String, String> IGNORED = Map.ofEntries(
            Map.entry("dataPath", NO_DATA),
            Map.entry("dataset", "--dataset says what the result is measured on"),
            Map.entry("network", "--model names the network"),
            Map.entry("save_path", STORE),
            Map.entry("experimentID", STORE),
            Map.entry("nGPU", MACHINES),
            Map.entry("GPU", MACHINES),
            Map.entry("visible_devices", MACHINES),
            Map.entry("nThreads", MACHINES),
            Map.entry("nClasses", NETWORK),
            Map.entry("img_size", NETWORK),
            Map.entry("channels", NETWORK));

    private static final Map<String, String> POLICIES =
            Map.of("multi_step", "step", "step", "step", "const", "step", "cosine", "cosine");

    private PublishedNames() {}

    /** The dotted path of the field that a name stands for, if it stands for one. */
    static Optional<String> field(String name) {
        return Optional.ofNullable(FIELDS.get(name));
    }

    /** Why a name has no meaning here, if it is known and has none. */
    static Optional<String> ignored(String name) {
        return Optional.ofNullable(IGNORED.get(name));
    }

    /** What a name that only has to be right may be, if it is one. */
    static Optional<List<String>> allowed(String name) {
        return switch (name) {
            case OPTIMIZER -> Optional.of(List.of("SGD"));
            case GENERATOR_POLICY -> Optional.of(List.of("multi_step"));
            case POLICY -> Optional.of(POLICIES.keySet().stream().sorted().toList());
            default -> Optional.empty();
        };
    }

    /** The value in the words of a job; one origin with what was published. */
    static ConfigValue translated(String name, ConfigValue value) {
        return name.equals(POLICY)
                ? ConfigValueFactory.fromAnyRef(POLICIES.get(value.unwrapped())).withOrigin(value.origin())
                : value;
    }

    /** Whether a value says that the student's step size never shrinks, whatever milestones stand beside it. */
    static boolean keepsRate(String name, ConfigValue value) {
        return name.equals(POLICY) && "const".equals(value.unwrapped());
    }

    /** Every name there is, sorted. */
    static List<String> all() {
        var names = new ArrayList<>(FIELDS.keySet());
        names.addAll(IGNORED.keySet());
        names.addAll(List.of(GENERATOR_POLICY, OPTIMIZER));
        names.sort(String.CASE_INSENSITIVE_ORDER);
        return names;
    }
}
