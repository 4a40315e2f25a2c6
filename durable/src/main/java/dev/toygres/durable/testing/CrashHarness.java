package dev.toygres.durable.testing;

import dev.toygres.durable.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Performs a scene undisturbed, and then once for each side of each journal write, losing the
 * engine there; a fresh engine finishes. Each end must equal the undisturbed one, and no step may
 * have taken effect less often than it did there, or more than once more.
 */
public final class CrashHarness {
    private static final int MOST_ROUNDS = 1000;
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final Supplier<? extends Scene> scenes;

    public CrashHarness(Supplier<? extends Scene> scenes) {
        this.scenes = scenes;
    }

    /**
     * What was tried.
     *
     * @param writes the journal writes of the undisturbed performance
     * @param crashes the places where the engine was lost
     */
    public record Report(List<String> writes, List<String> crashes) {}

    /** What one performance came to. */
    private record Performance(
            Object outcome, Map<String, Integer> effects, List<String> writes, boolean crashed) {}

    /** Throws an {@link AssertionError} that names the place when an end differs. */
    public Report run() {
        Performance undisturbed = perform(0, CrashPoint.Side.Before);
        var crashes = new ArrayList<String>();
        for (CrashPoint.Side side : CrashPoint.Side.values()) {
            boolean reached = true;
            for (int number = 1; reached; number++) {
                Performance disturbed = perform(number, side);
                reached = disturbed.crashed();
                String place = side + " write " + number + " of " + disturbed.writes();
                compare(place, undisturbed, disturbed);
                if (reached) {
                    crashes.add(place);
                }
            }
        }
        return new Report(undisturbed.writes(), crashes);
    }

    /** What it comes to when another process is lost: the caller has let that happen already. */
    public static Object finish(Scene scene) {
        play(scene, scene.engine().build(), null);
        return scene.outcome();
    }

    private Performance perform(int number, CrashPoint.Side side) {
        try (Scene scene = scenes.get()) {
            var doomed = new Doomed();
            var point = new CrashPoint(number, side, doomed::die);
            Engine engine = scene.engine().probe(point).build();
            doomed.engine = engine;
            scene.begin();
            play(scene, engine, point);
            return new Performance(
                    scene.outcome(), scene.effects(), point.writes(), point.isCrashed());
        }
    }

    /** The engine that the probe belongs to, which exists only after the probe. */
    private static final class Doomed {
        private volatile @Nullable Engine engine;

        void die() {
            Engine victim = engine;
            if (victim != null) {
                victim.abandon();
            }
        }
    }

    private static void play(Scene scene, Engine first, @Nullable CrashPoint point) {
        Engine engine = first;
        boolean replaced = false;
        try {
            for (int round = 0; round < MOST_ROUNDS; round++) {
                boolean busy = engine.tick() > 0;
                if (point != null && point.isCrashed() && !replaced) {
                    engine.bury(SILENCE);
                    engine = scene.engine().build();
                    replaced = true;
                } else if (!busy && !scene.next()) {
                    return;
                }
            }
        } finally {
            engine.close();
        }
        throw new AssertionError("the scene does not end");
    }

    private static void compare(String place, Performance expected, Performance actual) {
        if (!expected.outcome().equals(actual.outcome())) {
            throw new AssertionError(
                    "crashed "
                            + place
                            + ": expected "
                            + expected.outcome()
                            + " but it came to "
                            + actual.outcome());
        }
        if (!expected.effects().keySet().equals(actual.effects().keySet())) {
            throw new AssertionError(
                    "crashed "
                            + place
                            + ": expected effects "
                            + expected.effects()
                            + " but had "
                            + actual.effects());
        }
        expected.effects()
                .forEach((name, count) -> compare(place, name, count, actual.effects().get(name)));
    }

    private static void compare(
            String place, String effect, int expected, @Nullable Integer actual) {
        if (actual == null || actual < expected || actual > expected + 1) {
            throw new AssertionError(
                    "crashed "
                            + place
                            + ": "
                            + effect
                            + " took effect "
                            + actual
                            + " times, undisturbed "
                            + expected);
        }
    }
}
