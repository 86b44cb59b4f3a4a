package dev.dsg.standalone.job;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import java.util.List;

/** The settings that ship with the program, by name: to be named instead of a file, and to be included in one. */
final class Profiles implements ConfigIncluder {

    /** Their names. */
    static final List<String> NAMES = List.of("default", "cifar", "imagenet");

    private static final String PROCEDURE = "procedure.conf";
    private static final String SUFFIX = ".conf";

    /** Whether a profile has this name, with or without the ending of its file. */
    static boolean has(String name) {
        return NAMES.contains(bare(name));
    }

    /** The settings of a profile, its substitutions not resolved yet. */
    static ConfigObject read(String name) {
        return ConfigFactory.parseResources(Profiles.class, bare(name) + SUFFIX, strict())
                .root();
    }

    /** Options that find profiles in includes and miss no file silently. */
    static ConfigParseOptions strict() {
        return ConfigParseOptions.defaults().setAllowMissing(false).appendIncluder(new Profiles());
    }

    private static String bare(String name) {
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }

    /** A profile, or else a file beside the one that includes it, which must be there. */
    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        if (has(what) || what.equals(PROCEDURE)) {
            return read(what);
        }
        return context.relativeTo(what).parse(context.parseOptions().setAllowMissing(false));
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }
}
