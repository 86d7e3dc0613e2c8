using System.Globalization;
using System.Text.Json.Nodes;
using CortexMl.Chain;
using CortexMl.Chain.Abi;
using CortexMl.Chain.Contracts;

namespace CortexMl.Cli.Commands.Chaining;

/// <summary>What <c>chain decode</c> shows; one of function, event and error is there.</summary>
internal sealed record DecodedData
{
    public string? Function { get; init; }

    public string? Event { get; init; }

    public string? Error { get; init; }

    public string? Selector { get; init; }

    /// <summary>Of an event that is not anonymous.</summary>
    public string? Topic0 { get; init; }

    public required IReadOnlyList<DecodedValue> Values { get; init; }

    /// <summary>Of a panic: what its code says.</summary>
    public string? Meaning { get; init; }

    /// <summary>One line for each value: position, name, type, value.</summary>
    /// <param name="isFound">Whether a line before them says of what they are.</param>
    public string Lines(bool isFound)
    {
        string title = isFound ? $"{Function ?? Event ?? Error}{(Meaning is null ? "" : $": {Meaning}")}\n" : "";
        return title + string.Concat(Values.Select((value, i) => string.Create(CultureInfo.InvariantCulture, $"{i} {value}\n")));
    }
}

/// <summary>One decoded value; integers are decimal texts.</summary>
/// <param name="Name">Null where it has none.</param>
/// <param name="Indexed">Null where it is no parameter of an event.</param>
/// <param name="Hash">Of an indexed value of which the log holds no more: its Keccak-256.</param>
internal sealed record DecodedValue(string? Name, string Type, bool? Indexed, JsonNode? Value, string? Hash)
{
    public static DecodedValue Of(AbiType type, object value) => new(null, type.Name, null, AbiJson.Write(value, type), null);

    public static DecodedValue Of(ContractParameter parameter, object value) => Of(parameter.Type, value) with { Name = NameOf(parameter) };

    public static DecodedValue Of(LoggedValue logged) => logged is { Parameter: var parameter, Value: { } value }
        ? Of(parameter, value) with { Indexed = parameter.IsIndexed }
        : new(NameOf(logged.Parameter), logged.Parameter.Type.Name, true, null, Hex.Of(logged.Hash!));

    public override string ToString() => $"{(Name is null ? "" : Name + " ")}{Type} {Value?.ToJsonString() ?? $"keccak256 {Hash}"}";

    private static string? NameOf(ContractParameter parameter) => parameter.Name.Length > 0 ? parameter.Name : null;
}
