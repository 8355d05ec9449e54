/* For burp's VSS part, which names the header so. */
#include <vswriter.h>
