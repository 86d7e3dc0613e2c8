using System.Text.Json;

namespace CortexMl.Diagnostics;

/// <summary>What is wrong with a JSON text, without words about the reader that found it.</summary>
public static class JsonProblem
{
    private const string AboutTheReader = " Expected the input to start with a valid JSON token, when isFinalBlock is true.";

    /// <summary>A sentence; where a value of a known field has another kind, the field's path.</summary>
    public static string Of(Exception error)
    {
        bool isConversion = error.Message.Contains("could not be converted", StringComparison.Ordinal);
        if (isConversion && error is JsonException { Path: { Length: > 1 } path })
            return $"{Printable.Escape(path)} has a value of another kind than is needed.";
        string behind = error is JsonException { Path.Length: > 0 } ? " Path: " : " LineNumber: ";
        int place = error.Message.IndexOf(behind, StringComparison.Ordinal);
        return (place < 0 ? error.Message : error.Message[..place]).Replace(AboutTheReader, "", StringComparison.Ordinal);
    }

    /// <summary>Where the reader stopped, from line 1 and column 1.</summary>
    public static SourceLocation Place(string file, JsonException error) =>
        new(file, (int)(error.LineNumber ?? 0) + 1, (int)(error.BytePositionInLine ?? 0) + 1);
}
