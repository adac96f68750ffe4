package io.sluice.core.resource;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claims of ledger entries on descriptors, from one list made before the kernel was asked and
 * one made after: a resource that was opened or closed meanwhile is in only one of them. Each claim
 * can be taken by one descriptor. Confined to the count that it is created for.
 */
final class Claims {

  /** Kinds in which each entry is a socket. */
  private static final Set<ResourceKind> SOCKETS =
      EnumSet.of(ResourceKind.REDIS, ResourceKind.HTTP, ResourceKind.HTTPS, ResourceKind.DNS);

  private final Map<Integer, Ledger.Entry> byNumber = new HashMap<>();
  private final Map<String, Deque<Ledger.Entry>> byName = new HashMap<>();

  /** Entries of sockets whose descriptor number Java does not expose. */
  private final Deque<Ledger.Entry> anonymous = new ArrayDeque<>();

  private final Set<Ledger.Entry> taken = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Entries in both lists, whose descriptors the kernel must have. */
  private final List<Ledger.Entry> due = new ArrayList<>();

  Claims(List<Ledger.Entry> before, List<Ledger.Entry> after, RealNames names) {
    Set<Ledger.Entry> former = Collections.newSetFromMap(new IdentityHashMap<>());
    former.addAll(before);
    before.forEach(entry -> add(entry, names));
    for (Ledger.Entry entry : after) {
      if (!former.contains(entry)) {
        add(entry, names);
      } else if (claims(entry)) {
        due.add(entry);
      }
    }
  }

  private void add(Ledger.Entry entry, RealNames names) {
    if (entry.path() != null) {
      byName.computeIfAbsent(names.of(entry.path()), _ -> new ArrayDeque<>(2)).add(entry);
    } else if (entry.descriptor() != Ledger.NO_DESCRIPTOR) {
      byNumber.put(entry.descriptor(), entry); // a later one may reuse a number
    } else if (SOCKETS.contains(entry.kind())) {
      anonymous.add(entry);
    }
  }

  private static boolean claims(Ledger.Entry entry) {
    return entry.path() != null
        || entry.descriptor() != Ledger.NO_DESCRIPTOR
        || SOCKETS.contains(entry.kind());
  }

  /** Takes the claim on a descriptor by its number; null if there is none. */
  Ledger.@Nullable Entry takeNumber(Integer descriptor) {
    return take(byNumber.get(descriptor));
  }

  /** Takes the claim on a descriptor whose link has that target; null if none is left. */
  Ledger.@Nullable Entry takeName(String target) {
    Deque<Ledger.Entry> named = target.startsWith("/") ? byName.get(nameOf(target)) : null;
    return take(named == null ? null : named.poll());
  }

  /** Takes the claim of any entry for a socket of unknown number; null if none is left. */
  Ledger.@Nullable Entry takeSocket() {
    return take(anonymous.poll());
  }

  private Ledger.@Nullable Entry take(Ledger.@Nullable Entry claim) {
    if (claim != null) {
      taken.add(claim);
    }
    return claim;
  }

  /** The claims that were in both lists and that no descriptor has taken. */
  List<Ledger.Entry> untaken() {
    List<Ledger.Entry> untaken = new ArrayList<>();
    for (Ledger.Entry entry : due) {
      if (!taken.contains(entry)) {
        untaken.add(entry);
      }
    }
    return untaken;
  }

  /** The name of a link's target, even if the file was deleted. */
  static String nameOf(String target) {
    return target.endsWith(" (deleted)") ? target.substring(0, target.length() - 10) : target;
  }
}
