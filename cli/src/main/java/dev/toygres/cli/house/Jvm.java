package dev.toygres.cli.house;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a daemon's JVM is started: small, and with the same JDK as this one. */
final class Jvm {
    private Jvm() {}

    static List<String> command(Distribution distribution, String module, int heapMegabytes) {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx" + heapMegabytes + "m",
                                "-XX:+ExitOnOutOfMemoryError",
                                "--enable-native-access=ALL-UNNAMED",
                                "-Dfile.encoding=UTF-8"));
        distribution
                .startCache(module)
                .ifPresent(
                        cache -> {
                            command.add("-XX:AOTCache=" + cache);
                            command.add("-Xlog:aot=off");
                            command.add("-Xlog:cds=off");
                        });
        command.add("-cp");
        command.add(distribution.classpath(module));
        return command;
    }
}
