package dev.dsg.standalone.terminal;

import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar that redraws itself, with elapsed and remaining time. */
final class Bar implements Progress {

    private static final int REDRAW_MILLIS = 200;

    private final Terminal terminal;
    private final int width;
    private final ProgressBar bar;
    private Plot plot;

    Bar(Terminal terminal, int width, String task, String unit) {
        this.terminal = terminal;
        this.width = width;
        this.bar = new ProgressBarBuilder()
                .setTaskName(String.format("%-12s", task))
                .setInitialMax(UNKNOWN)
                .setUnit(unit, 1)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .continuousUpdate()
                .setConsumer(new DelegatingProgressBarConsumer(terminal::draw, width))
                .build();
    }

    @Override
    public void to(long done, long total) {
        bar.maxHint(total);
        bar.stepTo(done);
    }

    @Override
    public void note(String words) {
        bar.setExtraMessage(words);
    }

    @Override
    public void plot(String name, long done, double value) {
        if (plot == null) {
            plot = new Plot(name, width);
        }
        plot.add(done, value);
        terminal.above(plot.lines());
    }

    @Override
    public void close() {
        bar.close();
        terminal.leave();
    }
}
