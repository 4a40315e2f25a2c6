package dev.toygres.model.backup;

/**
 * For how long backups are kept (R4.15). The days are also the promised window: every point in time
 * within them can be restored.
 */
public record RetentionPolicy(
        int dailyRetentionDays, int weeklyRetentionWeeks, int monthlyRetentionMonths) {
    public static final RetentionPolicy USUAL = new RetentionPolicy(7, 4, 12);
}
