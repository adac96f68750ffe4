package io.sluice.parser.scan;

/** The attributes of an element that is being opened. */
public interface ElementAttributes {

  /** An attribute's value with character references resolved; empty if the element lacks it. */
  String value(Attribute attribute);
}
