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
 * The descriptors that entries of the ledger claimed before the kernel was asked, or after it, or
 * both: what was opened or closed meanwhile is in one of them. A descriptor takes a claim, and no
 * other can have the same one. Confined to the count that it is made for.
 */
final class Claims {

  /** Kinds of which each entry is a socket. */
  private static final Set<ResourceKind> SOCKETS =
      EnumSet.of(ResourceKind.REDIS, ResourceKind.HTTP, ResourceKind.HTTPS, ResourceKind.DNS);

  private final Map<Integer, Ledger.Entry> byNumber = new HashMap<>();
  private final Map<String, Deque<Ledger.Entry>> byName = new HashMap<>();

  /** Entries of sockets whose number Java does not tell. */
  private final Deque<Ledger.Entry> anonymous = new ArrayDeque<>();

  private final Set<Ledger.Entry> taken = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Entries in both lists: the kernel must have their descriptors. */
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
      byNumber.put(entry.descriptor(), entry); // a later one has taken over a closed one's number
    } else if (SOCKETS.contains(entry.kind())) {
      anonymous.add(entry);
    }
  }

  private static boolean claims(Ledger.Entry entry) {
    return entry.path() != null
        || entry.descriptor() != Ledger.NO_DESCRIPTOR
        || SOCKETS.contains(entry.kind());
  }

  /** The claim on a descriptor that leads there; null when nobody has one that is not taken. */
  Ledger.@Nullable Entry take(int descriptor, String target) {
    Ledger.Entry claim = byNumber.get(descriptor);
    if (claim == null && target.startsWith("/")) {
      Deque<Ledger.Entry> named = byName.get(nameOf(target));
      claim = named == null ? null : named.poll();
    }
    if (claim != null) {
      taken.add(claim);
    }
    return claim;
  }

  /** The claim on a socket that nothing else tells the owner of; null when none is left. */
  Ledger.@Nullable Entry takeSocket() {
    Ledger.Entry claim = anonymous.poll();
    if (claim != null) {
      taken.add(claim);
    }
    return claim;
  }

  /** The claims that no descriptor took, though they stood all the while. */
  List<Ledger.Entry> untaken() {
    List<Ledger.Entry> untaken = new ArrayList<>();
    for (Ledger.Entry entry : due) {
      if (!taken.contains(entry)) {
        untaken.add(entry);
      }
    }
    return untaken;
  }

  /** The name of what a link leads to, also when its file was deleted. */
  static String nameOf(String target) {
    return target.endsWith(" (deleted)") ? target.substring(0, target.length() - 10) : target;
  }
}
