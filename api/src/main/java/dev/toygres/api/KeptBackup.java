package dev.toygres.api;

import java.util.List;

/**
 * A backup that stays.
 *
 * @param reasons Latest, Daily, Weekly, Monthly, Window, Chain, Pinned, InUse or Unfinished
 */
public record KeptBackup(String id, List<String> reasons) {}
