package dev.dsg.engine.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.dsg.engine.format.onnx.OnnxExport;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Shape;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RaceTest {

    private static final Shape INPUT = Shape.of(1, 2, 2);
    private static final byte[] MODEL = OnnxExport.float32(network(), INPUT);

    @Test
    void shouldLetModelsTakeTurns() throws OrtException {
        try (Race race = new Race(List.of(MODEL, MODEL))) {
            List<Laps> laps = race.rounds(Race.noise(3, INPUT), 7);

            assertThat(laps).hasSize(2).allSatisfy(one -> {
                assertThat(one.rounds()).isEqualTo(7);
                assertThat(one.seconds(0.01)).isPositive();
                assertThat(one.processorSeconds()).isPositive();
            });
        }
    }

    @Test
    void shouldEndWhenTheTimeIsOver() throws OrtException {
        try (Race race = new Race(List.of(MODEL))) {
            long begin = System.nanoTime();
            Laps timed = race.within(Race.noise(1, INPUT), Duration.ofMillis(50), Integer.MAX_VALUE, () -> false)
                    .getFirst();

            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(50), Duration.ofSeconds(5));
            assertThat(timed.rounds()).isGreaterThan(1);
            assertThat(race.within(Race.noise(1, INPUT), Duration.ofHours(1), 9, () -> false)
                            .getFirst()
                            .rounds())
                    .isEqualTo(9);
        }
    }

    @Test
    void shouldMeasureOneRoundHoweverLittleTimeThereIs() throws OrtException {
        try (Race race = new Race(List.of(MODEL))) {
            assertThat(race.within(Race.noise(1, INPUT), Duration.ZERO, 9, () -> false)
                            .getFirst()
                            .rounds())
                    .isEqualTo(1);
        }
    }

    @Test
    void shouldEndWhenNobodyWantsToKnow() throws OrtException {
        try (Race race = new Race(List.of(MODEL))) {
            assertThat(race.within(Race.noise(1, INPUT), Duration.ofHours(1), 9, () -> true)
                            .getFirst()
                            .rounds())
                    .isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseWhatIsNoModel() {
        assertThatThrownBy(() -> new Race(List.of(MODEL, new byte[] {1}))).isInstanceOf(OrtException.class);
    }

    @Test
    void shouldTakeTheTimeThatAShareOfTheRunsDidNotExceed() {
        Laps laps = laps(LongStream.rangeClosed(1, 100)
                .map(i -> (101 - i) * 1_000_000_000)
                .toArray());

        assertThat(laps.seconds(0.5)).isEqualTo(50);
        assertThat(laps.seconds(0.99)).isEqualTo(99);
        assertThat(laps.seconds(1)).isEqualTo(100);
        assertThat(laps(7_000_000_000L).seconds(0.5)).isEqualTo(7);
    }

    @Test
    void shouldCompareRoundByRound() {
        Laps slow = laps(10, 20, 30, 40);
        Laps fast = laps(5, 10, 10, 10);

        assertThat(slow.speedupOf(fast).value()).isEqualTo(2);
        assertThat(slow.speedupOf(fast).interval().low()).isEqualTo(2);
        assertThat(slow.speedupOf(fast).interval().high()).isEqualTo(4);
        assertThatThrownBy(() -> slow.speedupOf(laps(1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldReadWhatLinuxTellsOfTheProcessor() {
        Machine machine = Machine.read("""
                processor\t: 0
                model name\t: A: Processor @ 2.00GHz
                flags\t\t: fpu avx2 avx512_vnni
                flags\t\t: fpu avx2 avx512_vnni
                """);

        assertThat(machine.processor()).isEqualTo("A: Processor @ 2.00GHz");
        assertThat(machine.features()).containsExactly("avx2", "avx512_vnni");
        assertThat(machine.vnni()).containsExactly("avx512_vnni");
        assertThat(Machine.read("flags\t\t: fpu avx2\nmodel name\t: avx_vnni\n").vnni())
                .isEmpty();
        assertThat(Machine.read("").processor()).isNotEmpty();
        assertThat(Machine.here().cores()).isPositive();
    }

    private static Laps laps(long... nanos) {
        return new Laps(nanos, nanos);
    }

    private static Graph network() {
        GraphBuilder graph = new GraphBuilder((name, _) -> {
            throw new AssertionError(name);
        });
        graph.add("y", new Op.Relu(), graph.input("x"));
        return graph.build();
    }
}
