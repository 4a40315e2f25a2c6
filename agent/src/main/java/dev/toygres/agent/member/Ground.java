package dev.toygres.agent.member;

import dev.toygres.agent.CrashPoint;
import dev.toygres.agent.backup.BackupEngine;
import dev.toygres.agent.files.AgentHome;
import dev.toygres.agent.process.ServiceUser;
import dev.toygres.agent.process.Tools;
import dev.toygres.agentapi.lease.BootClock;
import java.nio.file.Path;

/** What every member of a host stands on. */
public record Ground(
        AgentHome home,
        String bindAddress,
        Path guardProgram,
        ServiceUser user,
        Tools tools,
        Installations installations,
        Limits limits,
        BackupEngine engine,
        BootClock bootClock,
        CrashPoint crash) {}
