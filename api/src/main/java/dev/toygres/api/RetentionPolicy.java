package dev.toygres.api;

import java.util.Optional;

/**
 * For how long backups are kept. What a kept backup needs, the newest good one and pinned ones stay
 * in any case.
 *
 * @param dailyRetentionDays every backup for so many days, and every point in time within them;
 *     default: 7
 * @param weeklyRetentionWeeks the newest full one of each of the last so many weeks; default: 4
 * @param monthlyRetentionMonths the newest full one of each of the last so many months; default: 12
 */
public record RetentionPolicy(
        Optional<Integer> dailyRetentionDays,
        Optional<Integer> weeklyRetentionWeeks,
        Optional<Integer> monthlyRetentionMonths) {}
