package dev.toygres.cli.house;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a daemon's JVM is started: small, and with the same JDK as this one. */
final class Jvm {
    private Jvm() {}

    /**
     * @param process its name in the house, in which there may be several of a module
     */
    static List<String> command(
            Distribution distribution, String module, String process, int heapMegabytes) {
        var command = new ArrayList<>(options(heapMegabytes));
        if (distribution.recordings().isPresent()) {
            command.add("-XX:AOTMode=record");
            command.add(
                    "-XX:AOTConfiguration=" + recording(distribution.recordings().get(), process));
        } else {
            distribution
                    .startCache(module)
                    .ifPresent(cache -> command.add("-XX:AOTCache=" + cache));
            // A cache that does not fit, or is broken, is passed over without a word.
            command.add("-Xlog:aot=off");
            command.add("-Xlog:cds=off");
        }
        command.add("-cp");
        command.add(distribution.classpath(module));
        return command;
    }

    /** Turns what a daemon recorded into a file with its classes, loaded and linked (JEP 514). */
    static List<String> rememberClasses(
            Distribution distribution, String module, int heapMegabytes, Path recording, Path to) {
        var command = new ArrayList<>(options(heapMegabytes));
        command.add("-XX:AOTMode=create");
        command.add("-XX:AOTConfiguration=" + recording);
        command.add("-XX:AOTCache=" + to);
        command.add("-cp");
        command.add(distribution.classpath(module));
        return command;
    }

    static Path recording(Path recordings, String process) {
        return recordings.resolve(process + ".recording");
    }

    private static List<String> options(int heapMegabytes) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // A failover is done rarely, and by then its code should not be interpreted: 30 ms
                // of its interruption for a quarter of a second of an agent's start.
                "-XX:CompileThresholdScaling=0.3",
                "-Xmx" + heapMegabytes + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-Dfile.encoding=UTF-8");
    }
}
