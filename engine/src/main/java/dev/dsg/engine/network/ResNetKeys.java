package dev.dsg.engine.network;

/** How libraries name the layers of residual networks; stages and units are counted from 1. */
enum ResNetKeys {
    /** torchvision, timm, and most code for CIFAR. */
    TORCHVISION {
        @Override
        String unit(int stage, int unit) {
            return "layer" + stage + "." + (unit - 1);
        }

        @Override
        Names conv(String unit, int index) {
            return Names.numbered(unit, index);
        }

        @Override
        Names shortcut(String unit) {
            return Names.sequence(unit + ".downsample");
        }
    },
    /** pytorchcv. */
    PYTORCHCV {
        @Override
        String unit(int stage, int unit) {
            return "features.stage" + stage + ".unit" + unit;
        }

        @Override
        Names conv(String unit, int index) {
            return Names.within(unit + ".body.conv" + index);
        }

        @Override
        Names shortcut(String unit) {
            return Names.within(unit + ".identity_conv");
        }
    };

    abstract String unit(int stage, int unit);

    /** The {@code index}-th convolution of a unit, counted from 1. */
    abstract Names conv(String unit, int index);

    /** The projection beside a unit that changes the shape. */
    abstract Names shortcut(String unit);
}
