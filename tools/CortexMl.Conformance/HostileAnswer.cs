namespace CortexMl.Conformance;

/// <summary>What a hostile case was answered.</summary>
/// <param name="Answer">Status and stage, such as <c>Logic at Load</c>.</param>
/// <param name="Code">Of the first finding; null where the model ran.</param>
/// <param name="Output">Bytes of the output where it ran.</param>
public sealed record HostileAnswer(string Answer, string? Code, byte[] Output)
{
    public override string ToString() => Code is null ? $"{Answer}, output {Convert.ToHexStringLower(Output)}" : $"{Answer}, {Code}";
}
