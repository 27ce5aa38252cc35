/**
 * Silences the SDK's warning that it will need a newer Node: on Node 20, each process would print it and drown other
 * output. Entry points import this file before the SDK.
 */
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
