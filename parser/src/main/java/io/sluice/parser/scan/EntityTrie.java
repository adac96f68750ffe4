package io.sluice.parser.scan;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The named character references (HTML standard, 13.5) as a trie with 10,000 nodes: one for each
 * prefix of a name, with its first child and its next sibling. Thread-safe: immutable once loaded.
 */
final class EntityTrie {

  private static final String RESOURCE = "entities.txt";
  private static final int ROOT = 0;
  private static final int ASCII = 128;
  private static final int NODES = 10_240;

  /** The most frequent names; the last of them ends up first among its siblings. */
  private static final String[] COMMON = {"copy;", "nbsp;", "quot;", "amp;", "lt;", "gt;"};

  private static final EntityTrie TRIE = load();

  private char[] characters = new char[NODES];
  private int[] firstChild = new int[NODES];
  private int[] sibling = new int[NODES];
  private String[] values = new String[NODES];
  private final int[] first = new int[ASCII];
  private int count = 1;

  private EntityTrie() {}

  static EntityTrie get() {
    return TRIE;
  }

  /** The node of the empty name, where a search begins. */
  int root() {
    return ROOT;
  }

  /**
   * The node of a name with one more character; {@link #root} if no entity's name begins that way.
   */
  int next(int node, char c) {
    if (node == ROOT) {
      return c < ASCII ? first[c] : ROOT;
    }
    return find(node, c);
  }

  private int find(int node, char c) {
    int child = firstChild[node];
    while (child != ROOT && characters[child] != c) {
      child = sibling[child];
    }
    return child;
  }

  /** Moves the nodes of a name in front of their siblings. */
  private void promote(String name) {
    int parent = ROOT;
    for (int i = 0; i < name.length(); i++) {
      int node = find(parent, name.charAt(i));
      int before = firstChild[parent];
      if (before != node) {
        while (sibling[before] != node) {
          before = sibling[before];
        }
        sibling[before] = sibling[node];
        sibling[node] = firstChild[parent];
        firstChild[parent] = node;
      }
      parent = node;
    }
  }

  /** The characters of the entity whose name ends at a node; empty if no name ends there. */
  String value(int node) {
    String value = values[node];
    return value == null ? "" : value;
  }

  private void add(String name, String value) {
    int node = ROOT;
    for (int i = 0; i < name.length(); i++) {
      int next = find(node, name.charAt(i));
      node = next == ROOT ? child(node, name.charAt(i)) : next;
    }
    values[node] = value;
  }

  private int child(int parent, char c) {
    if (count == characters.length) {
      characters = Arrays.copyOf(characters, count * 2);
      firstChild = Arrays.copyOf(firstChild, count * 2);
      sibling = Arrays.copyOf(sibling, count * 2);
      values = Arrays.copyOf(values, count * 2);
    }
    characters[count] = c;
    sibling[count] = firstChild[parent];
    firstChild[parent] = count;
    return count++;
  }

  private static EntityTrie load() {
    EntityTrie trie = new EntityTrie();
    try (InputStream in = EntityTrie.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the jar");
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
      lines.lines().filter(line -> !line.startsWith("#")).forEach(trie::addLine);
      for (String name : COMMON) {
        trie.promote(name);
      }
      for (char c = 0; c < ASCII; c++) {
        trie.first[c] = trie.find(ROOT, c);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return trie;
  }

  /** Adds a line of the resource: a name and its code points in hexadecimal. */
  private void addLine(String line) {
    int at = line.indexOf(' ');
    String name = line.substring(0, at);
    StringBuilder value = new StringBuilder();
    while (at >= 0) {
      int next = line.indexOf(' ', at + 1);
      String digits = next < 0 ? line.substring(at + 1) : line.substring(at + 1, next);
      value.appendCodePoint(Integer.parseInt(digits, 16));
      at = next;
    }
    add(name, value.toString());
  }
}
