namespace CortexMl.Ir;

/// <summary>Levels as the text form and messages spell them: <c>float</c>, <c>quant</c>, <c>cvm</c>.</summary>
public static class LevelNames
{
    public static string Of(Level level) => level switch
    {
        Level.Float => "float",
        Level.Quant => "quant",
        Level.Cvm => "cvm",
        _ => string.Join("|", new[] { Level.Float, Level.Quant, Level.Cvm }.Where(l => level.HasFlag(l)).Select(Of)),
    };
}
