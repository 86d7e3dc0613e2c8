namespace CortexMl.Frontends;

/// <summary>Codes of the readers of model files: 02xx.</summary>
public static class FrontendCodes
{
    /// <summary>A file is something else than its name or place says.</summary>
    public const string WrongFile = "CML0201";

    /// <summary>The model's structure is broken: syntax, indices, missing fields.</summary>
    public const string ModelMalformed = "CML0202";

    /// <summary>A parameter file is broken or cut off.</summary>
    public const string ParamsMalformed = "CML0203";

    /// <summary>Parameters that the model names and nothing supplies.</summary>
    public const string MissingParameters = "CML0204";

    /// <summary>Operators outside the table, all in one list.</summary>
    public const string UnsupportedOperators = "CML0205";

    /// <summary>An attribute of a known operator is malformed or has a value that is not supported.</summary>
    public const string UnsupportedAttribute = "CML0206";

    /// <summary>Shapes do not fit each other.</summary>
    public const string ShapeMismatch = "CML0207";

    /// <summary>Inputs whose shape nothing determines.</summary>
    public const string InputShapeUnknown = "CML0208";

    /// <summary>An input shape was given for a name that is no input.</summary>
    public const string UnknownInput = "CML0209";

    /// <summary>Arrays of the parameter file that the model does not use.</summary>
    public const string UnusedParameters = "CML0210";

    /// <summary>Sparse arrays and other contents that are well-formed but not read.</summary>
    public const string UnsupportedArray = "CML0211";

    /// <summary>Parameters were made up from a seed.</summary>
    public const string RandomParameters = "CML0212";

    /// <summary>The shape of an input was assumed, beside made-up parameters.</summary>
    public const string AssumedShape = "CML0213";

    /// <summary>Something in the file that is read otherwise than it is written, or left out: a note or warning with the nodes.</summary>
    public const string ReadOtherwise = "CML0214";

    /// <summary>An operator in its form for training.</summary>
    public const string TrainingForm = "CML0215";
}
