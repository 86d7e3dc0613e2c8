namespace CortexMl.Ir;

/// <summary>The three levels of a graph; a row of the operator table says at which it is legal.</summary>
[Flags]
public enum Level
{
    None = 0,

    /// <summary><c>nn.*</c> operators on <c>f32</c>.</summary>
    Float = 1,

    /// <summary>Integer operators on <c>i&lt;p&gt;</c> values that carry a scale, and the abstract <c>quant.*</c> operators.</summary>
    Quant = 2,

    /// <summary>Only operators of the CVM, only integers; scales on graph inputs and outputs alone.</summary>
    Cvm = 4,

    Any = Float | Quant | Cvm,
}

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
