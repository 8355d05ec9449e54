/* For burp's VSS part: burp.h has all that it wants. */
