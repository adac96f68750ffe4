package io.sluice.parser.scan;

/** The namespaces that HTML syntax can put an element in. */
public enum Namespace {
  HTML,
  SVG,
  MATH
}
