using System.Text.RegularExpressions;

namespace CortexMl.Engines.Float;

//  [ErrorCode:Fail] Exception during initialization: /build/nn/pool_attributes.h:88 onnxruntime::PoolAttributes::PoolAttributes(…) [with …]
//  pads[dim] < kernel_shape[dim] was false. Pad should be smaller than kernel.      ⇒      Pad should be smaller than kernel.
/// <summary>What ONNX Runtime says, cut to what helps a user: no codes, source files of its build, signatures of functions.</summary>
public static partial class RuntimeMessage
{
    private const int LongestShown = 400;

    public static string Essential(string message)
    {
        string text = Spaces().Replace(message, " ").Trim();
        text = ErrorCode().Replace(text, "");
        var node = NodeName().Match(text);
        // A failed check is "condition was false. reason", where the reason may be missing.
        if (FailedCheck().Match(text) is { Success: true } check)
            text = check.Groups["reason"].Value is { Length: > 0 } reason ? reason : $"{check.Groups["condition"].Value} was false";
        text = SourceFile().Replace(text, "");
        text = Stack().Replace(text, "");
        text = Phase().Replace(text, "").Trim(' ', ':');
        string name = node.Groups["name"].Value;
        if (node.Success && !text.Contains(name, StringComparison.Ordinal)) text = $"{node.Groups["type"].Value} '{name}': {text}";
        if (text.Length == 0) text = "no reason is given";
        return text.Length <= LongestShown ? text : text[..LongestShown] + "…";
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\[(ErrorCode|ONNXRuntimeError)[^\]]*\]\s*(:\s*\d+\s*:\s*\w+\s*:\s*)?")]
    private static partial Regex ErrorCode();

    [GeneratedRegex(@"while running (?<type>\w+) node\. Name:\s*'(?<name>[^']*)'")]
    private static partial Regex NodeName();

    [GeneratedRegex(@"^(?<condition>.*?) was false\.\s*(?<reason>.*)$")]
    private static partial Regex FailedCheck();

    /// <summary>A source file with its line, and the signature of the function behind it.</summary>
    [GeneratedRegex(@"\S*[/\\]\S+\.(h|hpp|cc|cpp|cu|inl):\d+\s*([\w:<>,&*~\s]*::[\w~]+\([^)]*\)( const)?(\s\[with [^\]]*\])?\s*)?")]
    private static partial Regex SourceFile();

    [GeneratedRegex(@"\s*Stacktrace:.*$")]
    private static partial Regex Stack();

    [GeneratedRegex(@"(Exception during initialization|Non-zero status code returned while running \w+ node\. Name:\s*'[^']*'"
        + @"|Status Message):?\s*")]
    private static partial Regex Phase();
}
